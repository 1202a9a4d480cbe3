raise SystemExit("this plugin wants Windows")
