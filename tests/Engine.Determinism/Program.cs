using System.Globalization;
using Engine;
using Engine.Determinism;

// Prints the fingerprint of one run: [seed] [unsorted].
var seed = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 1;
var options = new SimulationOptions { SortBySpawn = !args.Contains("unsorted") };
Console.WriteLine(CrashingMachine.Run(seed, options).Fingerprint);
