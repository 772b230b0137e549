from relations.cli.app import main

main()
