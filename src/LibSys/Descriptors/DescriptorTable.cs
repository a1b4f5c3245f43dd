using Abi;
using Abi.Posix;

namespace LibSys.Descriptors;

/// <summary>A process's file descriptors. 0, 1 and 2 are the console at first.</summary>
public sealed class DescriptorTable
{
    private readonly OpenDescription?[] descriptions = new OpenDescription?[Descriptor.Limit];

    /// <summary>The table of a new process.</summary>
    public DescriptorTable()
    {
        var console = new OpenConsole();
        Add(console);
        Add(console);
        Add(console);
    }

    /// <summary>Whether no descriptor is left: EMFILE.</summary>
    public bool IsFull => Array.IndexOf(descriptions, null) < 0;

    /// <summary>What a descriptor stands for, or null: EBADF.</summary>
    public OpenDescription? Find(long descriptor) =>
        descriptor >= 0 && descriptor < descriptions.Length ? descriptions[descriptor] : null;

    /// <summary>
    /// The lowest free descriptor, which stands for this from now on, or EMFILE negated.
    /// </summary>
    public int Add(OpenDescription description)
    {
        var descriptor = Array.IndexOf(descriptions, null);
        if (descriptor < 0)
        {
            return -(int)Errno.EMFILE;
        }

        descriptions[descriptor] = description;
        description.Descriptors++;
        return descriptor;
    }

    /// <summary>
    /// Frees a descriptor; true if it was the last of its description, which is to be closed.
    /// </summary>
    public bool Remove(int descriptor)
    {
        var description = descriptions[descriptor]!;
        descriptions[descriptor] = null;
        return --description.Descriptors == 0;
    }
}
