namespace Scenarios.Model;

/// <summary>
/// Which component runs in which protection domain: the only difference between a microkernel, a
/// monolithic kernel and everything between.
/// </summary>
public sealed record Placement
{
    /// <summary>The kernel's own domain, as `domains:` names it.</summary>
    public const string KernelDomain = "kernel";

    /// <summary>The placement's name.</summary>
    [NotInFile]
    public required string Name { get; init; }

    /// <summary>Where the components go that `domains` does not name.</summary>
    public PlacementBase Base { get; init; } = PlacementBase.Microkernel;

    /// <summary>
    /// The protection domains, by name, with the components in each; `kernel` is the kernel's own.
    /// </summary>
    [KeyedByName]
    public IReadOnlyList<Domain> Domains { get; init; } = [];

    /// <summary>What protects components that share a domain from each other's cores.</summary>
    public DomainLock Lock { get; init; } = DomainLock.Component;

    /// <summary>Each component in a domain of its own.</summary>
    [NotInFile]
    public static Placement Microkernel { get; } = new() { Name = "microkernel" };

    /// <summary>All components in the kernel's domain.</summary>
    [NotInFile]
    public static Placement Monolithic { get; } =
        new()
        {
            Name = "monolithic",
            Base = PlacementBase.Monolithic,
            Lock = DomainLock.Big,
        };

    /// <summary>
    /// All domains, with each of <paramref name="components"/> in exactly one: those that the
    /// placement names, in its order, then those that its base adds, in the components' order.
    /// </summary>
    public IReadOnlyList<Domain> Resolve(IReadOnlyList<string> components)
    {
        var rest = components
            .Where(component => !Domains.Any(domain => domain.Components.Contains(component)))
            .ToList();
        switch (Base)
        {
            case PlacementBase.Microkernel:
                return
                [
                    .. Domains,
                    .. rest.Select(component =>
                        new Domain { Name = component, Components = [component] }),
                ];
            case PlacementBase.Monolithic:
                var kernel = Domains.FirstOrDefault(domain => domain.IsKernel);
                return
                [
                    .. Domains.Where(domain => !domain.IsKernel),
                    new Domain
                    {
                        Name = KernelDomain,
                        Components = [.. kernel?.Components ?? [], .. rest],
                    },
                ];
        }

        throw new InvalidOperationException($"{Base} is no base of a placement");
    }
}

/// <summary>One protection domain: an address space, and what dies together.</summary>
public sealed record Domain
{
    /// <summary>The domain's name in reports.</summary>
    [NotInFile]
    public required string Name { get; init; }

    /// <summary>The components in it.</summary>
    [WholeValue, ComponentNames]
    public required IReadOnlyList<string> Components { get; init; }

    /// <summary>Whether it is the kernel's own.</summary>
    [NotInFile]
    public bool IsKernel => Name == Placement.KernelDomain;
}

/// <summary>Where components go that a placement does not name.</summary>
public enum PlacementBase
{
    /// <summary>Each into a domain of its own.</summary>
    Microkernel,
    /// <summary>All into the kernel's domain.</summary>
    Monolithic,
}

/// <summary>What protects components that share a domain from each other's cores.</summary>
public enum DomainLock
{
    /// <summary>One lock for the domain: released at every block, taken again after.</summary>
    Big,
    /// <summary>One sleeping lock for each component, held across blocks.</summary>
    Component,
}
