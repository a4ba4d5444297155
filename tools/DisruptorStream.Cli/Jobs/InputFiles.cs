using DisruptorStream.Cli.Files;
using Microsoft.Extensions.FileSystemGlobbing;

namespace DisruptorStream.Cli.Jobs;

/// <summary>Turns the inputs of the command line into files.</summary>
internal static class InputFiles
{
    public const string StandardInput = "-";

    /// <summary>The files, in the order of the inputs; those of a pattern by name.</summary>
    /// <exception cref="FileNotFoundException">A file is not there, or a pattern fits none.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> inputs)
    {
        var files = new List<string>();
        foreach (var input in inputs)
        {
            if (string.Equals(input, StandardInput, StringComparison.Ordinal) || File.Exists(input))
                files.Add(input);
            else if (input.AsSpan().ContainsAny('*', '?'))
                files.AddRange(Match(input));
            else
                throw new FileNotFoundException(Describe(input), input);
        }

        return files;
    }

    public static JobInput Open(string path)
    {
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

    private static FileStream OpenFile(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);

    private static string Describe(string input) => Directory.Exists(input)
        ? $"'{input}' is a folder; write '{input.TrimEnd('/')}/*.csv' for the files in it."
        : $"There is no file '{input}'.";

    private static List<string> Match(string pattern)
    {
        // The part before the first wildcard is a plain folder.
        var wild = pattern.AsSpan().IndexOfAny('*', '?');
        var cut = pattern.AsSpan(0, wild).LastIndexOfAny('/', Path.DirectorySeparatorChar) + 1;
        var folder = cut == 0 ? "." : pattern[..cut];
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddInclude(pattern[cut..].Replace('?', '*'));
        var files = matcher.GetResultsInFullPath(folder)
            .Select(path => cut == 0 ? Path.GetRelativePath(".", path) : Path.Combine(
                folder, Path.GetRelativePath(folder, path)))
            .Where(path => Fits(path, pattern))
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0 ? files : throw new FileNotFoundException($"No file fits '{pattern}'.", pattern);
    }

    /// <summary>
    /// The matcher knows no question mark: it was asked for more, and what does not fit is taken out.
    /// </summary>
    private static bool Fits(string path, string pattern) =>
        !pattern.Contains('?', StringComparison.Ordinal)
        || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(
            Path.GetFileName(pattern), Path.GetFileName(path), ignoreCase: false);
}
