// HustingsRunner
