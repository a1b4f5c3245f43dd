namespace Bench;

internal static class Program
{
    // dotnet run -c Release --project bench [-- part...]: the parts named, or all of them.
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [RoundTrip.Contenders.ChildArgument, .. var contender]:
                return RoundTrip.Contenders.RunChild(contender);
            case [Runs.GrowthSample.ChildArgument, .. var size]:
                return Runs.GrowthSample.RunChild(size);
            case [Runs.ExportSample.ChildArgument, .. var output]:
                return Runs.ExportSample.RunChild(output);
        }

        var chosen = arguments.Length == 0 ? Parts.All.Select(part => part.Name) : arguments;
        var failed = false;
        foreach (var name in chosen)
        {
            var part = Parts.All.FirstOrDefault(part => part.Name == name);
            if (part is null)
            {
                var known = string.Join(", ", Parts.All.Select(part => part.Name));
                Console.Error.WriteLine($"No part is called {name}. Parts: {known}");
                return 2;
            }

            Console.WriteLine($"== {part.Name}: {part.Question}");
            failed |= !part.Run();
        }

        return failed ? 1 : 0;
    }
}
