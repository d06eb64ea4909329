// HustingsData
