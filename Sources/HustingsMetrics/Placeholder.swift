// HustingsMetrics
