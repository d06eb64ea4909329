// HustingsHTTP
