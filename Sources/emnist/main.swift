print("emnist")
