// HustingsNumerics
