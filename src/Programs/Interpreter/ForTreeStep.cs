using System.Text;
using Abi.Costs;
using Abi.Posix;
using LibSys;

namespace Programs.Interpreter;

/// <summary>
/// Walks a directory tree by open, getdents and close, as `find` does, and runs its body for each
/// regular file, in the ordinal order of the paths' bytes.
/// </summary>
internal sealed class ForTreeStep(int line, int slot, TextNode root, Step[] body) : Step
{
    // What glibc's readdir() asks for at once.
    private const int DirectoryBuffer = 32768;

    public override async ValueTask Run(Frame frame)
    {
        var pending = new Stack<string>();
        pending.Push(root.Evaluate(frame).TrimEnd('/') + "/");
        while (pending.TryPop(out var path))
        {
            frame.Sys.Work(Part.ProgramCycle);
            if (path.EndsWith('/'))
            {
                await PushEntries(frame, path, pending);
                continue;
            }

            frame.Texts[slot] = path;
            foreach (var step in body)
            {
                await step.Run(frame);
            }
        }
    }

    private async ValueTask PushEntries(Frame frame, string directory, Stack<string> pending)
    {
        var entries = new List<string>();
        var opened = await frame.Sys.Open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        var result = opened;
        if (!opened.Failed)
        {
            result = await ReadEntries(frame, (int)opened.Raw, entries);
            await frame.Sys.Close((int)opened.Raw);
        }

        if (result.Failed)
        {
            frame.Observer?.ResultDiffers(new ResultDifference(
                frame.Process, frame.Index, line, $"tree(\"{directory}\")", "a directory",
                result.ToString()));
        }

        // A directory's name ends in '/' here: sorting with it gives the order of whole paths.
        entries.Sort((a, b) =>
            Encoding.UTF8.GetBytes(b).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(a)));
        foreach (var entry in entries)
        {
            pending.Push(directory + entry);
        }
    }

    private static async ValueTask<SysResult> ReadEntries(
        Frame frame, int descriptor, List<string> entries)
    {
        while (true)
        {
            var buffer = frame.Buffer(DirectoryBuffer);
            var result = await frame.Sys.Getdents(descriptor, buffer);
            if (result.Raw <= 0)
            {
                return result;
            }

            var position = 0;
            while (DirectoryEntry.TryRead(buffer[..(int)result.Raw], ref position, out var entry))
            {
                var name = Encoding.UTF8.GetString(entry.Name.Span);
                var isDirectory = entry.Type == DirectoryEntry.DT_DIR;
                var isFile = entry.Type == DirectoryEntry.DT_REG;
                if ((isDirectory || isFile) && name is not ("." or ".."))
                {
                    entries.Add(isDirectory ? name + "/" : name);
                }
            }
        }
    }
}
