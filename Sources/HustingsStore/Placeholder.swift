// HustingsStore
