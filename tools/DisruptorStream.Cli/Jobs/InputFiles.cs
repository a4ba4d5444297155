using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Jobs;

/// <summary>Turns the inputs of the command line into files.</summary>
internal static class InputFiles
{
    public const string StandardInput = "-";

    private const string Argument = "INPUT";

    // What Unix systems call the same.
    private static readonly string[] NamesOfStandardInput = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

    /// <summary>The files, in the order of the inputs; those of a pattern by name.</summary>
    /// <exception cref="FileNotFoundException">A file is not there, or a pattern fits none.</exception>
    /// <exception cref="OptionException">A pattern cannot be understood.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> inputs)
    {
        var files = new List<string>();
        foreach (var input in inputs)
        {
            if (string.Equals(input, StandardInput, StringComparison.Ordinal) || File.Exists(input))
                files.Add(input);
            else if (FilePattern.IsPattern(input))
                files.AddRange(Match(input));
            else
                throw new FileNotFoundException(Describe(input), input);
        }

        return files;
    }

    /// <summary>Makes sure that nothing that can be read only once is read twice.</summary>
    /// <exception cref="OptionException">Standard input or a pipe is named twice.</exception>
    public static void CheckReadOnce(IReadOnlyList<string> files)
    {
        var pipes = new List<(string Name, FileIdentity File)>();
        var isStandardInputRead = false;
        foreach (var file in files)
        {
            var isStandardInput = IsStandardInput(file);
            if (isStandardInput && isStandardInputRead)
                throw NamedTwice(file, "Standard input is");
            isStandardInputRead |= isStandardInput;
            if (FileIdentity.Of(file, isOutput: false) is not { Kind: FileKind.Pipe } pipe)
                continue;
            if (pipes.Find(other => other.File.IsSameFileAs(pipe)) is { Name: { } name })
            {
                throw NamedTwice(
                    file, name == file ? $"The pipe '{file}' is" : $"'{name}' and '{file}' are one pipe, which is");
            }

            pipes.Add((file, pipe));
        }
    }

    /// <exception cref="IOException">It cannot be opened, or is a standard input that is closed.</exception>
    public static JobInput Open(string path)
    {
        if (IsStandardInput(path) && StandardStreams.IsClosed(StandardStreams.Input))
            throw new IOException("The standard input is closed; give it something to read, or name a file.");
        if (path == StandardInput)
            return new JobInput(path, new WaitingInput(Console.OpenStandardInput));
        return FileIdentity.Of(path, isOutput: false)?.Kind == FileKind.Regular
            ? new JobInput(path, OpenFile(path))
            : new JobInput(path, new WaitingInput(() => OpenFile(path)));
    }

    /// <summary>The length of all files together; null where one is no file with a length.</summary>
    public static long? TotalBytes(IEnumerable<string> files)
    {
        var total = 0L;
        foreach (var file in files)
        {
            if (file == StandardInput || new FileInfo(file) is not { Length: > 0 and var length })
                return null;
            total += length;
        }

        return total;
    }

    private static bool IsStandardInput(string path) =>
        path == StandardInput || NamesOfStandardInput.Contains(path, StringComparer.Ordinal);

    private static FileStream OpenFile(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);

    private static OptionException NamedTwice(string file, string what) => new(
        Argument, file, new FormatException($"{what} named twice, and can be read only once; name it once."));

    private static string Describe(string input) => Directory.Exists(input)
        ? $"'{input}' is a folder; write '{input.TrimEnd('/')}/*.csv' for the files in it."
        : $"There is no file '{input}'.";

    private static List<string> Match(string pattern)
    {
        try
        {
            return FilePattern.Match(pattern) is [_, ..] files
                ? files
                : throw new FileNotFoundException($"No file fits '{pattern}'.", pattern);
        }
        catch (FormatException exception)
        {
            throw new OptionException(Argument, pattern, exception);
        }
    }
}
