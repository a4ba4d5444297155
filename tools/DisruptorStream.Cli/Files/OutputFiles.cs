using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Files;

/// <summary>Opens the outputs of a job, once it is sure that they destroy nothing.</summary>
internal static class OutputFiles
{
    /// <summary>Makes sure that no output is an input, and no two are one file; opens none.</summary>
    /// <param name="inputs">The files that are read; "-" for standard input.</param>
    /// <param name="outputs">The options with their paths; null for those that are not given.</param>
    /// <exception cref="OptionException">An output is an input, another output, or no file.</exception>
    public static void Check(IReadOnlyList<string> inputs, params IEnumerable<(string Option, string? Path)> outputs)
    {
        var read = inputs.Select(input => (Name: Name(input, "input"), File: FileIdentity.Of(input, isOutput: false)))
            .ToList();
        var written = new List<(string Option, string Path, FileIdentity? File)>();
        foreach (var (option, path) in outputs)
        {
            if (path is null)
                continue;
            var file = FileIdentity.Of(path, isOutput: true);
            var problem = path.Length == 0 ? $"{option} has no name; write a file, or - for standard output."
                : file?.Kind == FileKind.Folder || Path.EndsInDirectorySeparator(path)
                    ? $"The output '{path}' is a folder; name a file in it."
                : ClashWithInput(path, file, read) ?? ClashWithOutput(path, file, written);
            if (problem is not null)
                throw new OptionException(option, path, new FormatException(problem));
            written.Add((option, path, file));
        }
    }

    /// <summary>Opens a file, or the standard output; waits for the reader of a named pipe.</summary>
    /// <exception cref="OutputException">It cannot be opened.</exception>
    public static OutputStream Open(string path)
    {
        if (FileIdentity.IsStandardOutput(path))
        {
            StandardOutput.ThrowIfClosed();
            return new StandardOutput();
        }

        var kind = FileIdentity.Of(path, isOutput: true)?.Kind ?? FileKind.Regular;
        var isOpen = IsDescriptor(path);
        return (kind == FileKind.Regular && !isOpen ? FileReplacement.TryOpen(path) : null)
            ?? (OutputStream)FileOutput.Open(path, kind, isOpen);
    }

    /// <summary>Whether a path stands for a file that the process was started with.</summary>
    private static bool IsDescriptor(string path) => path == "/dev/stderr"
        || path.StartsWith("/dev/fd/", StringComparison.Ordinal)
        || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal);

    private static string? ClashWithInput(
        string path, FileIdentity? file, List<(string Name, FileIdentity? File)> inputs)
    {
        var clash = inputs.Find(input => input.File is { } read && file?.IsSameFileAs(read) == true);
        return clash.Name is null ? null
            : $"The {Name(path, "output")} is the same file as the {clash.Name}, which would be lost; write to another "
                + "file, or to one that no pattern of the inputs fits.";
    }

    private static string? ClashWithOutput(
        string path, FileIdentity? file, List<(string Option, string Path, FileIdentity? File)> outputs)
    {
        var clash = outputs.Find(output => (FileIdentity.IsStandardOutput(path)
                && FileIdentity.IsStandardOutput(output.Path))
            || (output.File is { } other && file?.IsSameFileAs(other) == true));
        return clash.Option is null ? null
            : $"The {Name(path, "output")} is where {clash.Option} goes as well; name two files.";
    }

    private static string Name(string path, string what) =>
        path == InputFiles.StandardInput ? $"standard {what}" : $"{what} '{path}'";
}
