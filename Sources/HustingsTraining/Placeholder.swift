// HustingsTraining
