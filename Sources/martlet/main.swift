import CLI

Main.run()
