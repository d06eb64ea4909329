// HustingsTesting
