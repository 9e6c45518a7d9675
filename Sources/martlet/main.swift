// The door: everything is behind it.
import CLI

Main.run()
