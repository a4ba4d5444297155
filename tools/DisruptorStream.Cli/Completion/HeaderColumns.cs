using System.CommandLine;
using System.Text;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Completion;

/// <summary>The columns of the input that a line names so far.</summary>
internal static class HeaderColumns
{
    private const int MostBytes = 1 << 16;

    /// <summary>Those of the first file that is there and has a header; none where there is no such file.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        foreach (var input in Inputs(parsed))
        {
            try
            {
                // A pipe would keep the shell waiting, and lose what is read from it.
                if (input != InputFiles.StandardInput
                    && InputFiles.Expand([input])[0] is var path
                    && FileIdentity.Of(path, isOutput: false)?.Kind == FileKind.Regular
                    && Read(path) is [_, ..] columns)
                {
                    return columns;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Completion has nothing to complain to: a file that cannot be read offers no columns.
            }
        }

        return [];
    }

    private static IEnumerable<string> Inputs(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments is [var inputs, ..]
            ? parsed.GetResult(inputs)?.Tokens.Select(token => token.Value) ?? []
            : [];

    private static List<string> Read(string path)
    {
        using var stream = File.OpenRead(path);
        var buffer = new byte[MostBytes];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var line = buffer.AsSpan(0, length);
        if (line.StartsWith(Encoding.UTF8.Preamble))
            line = line[Encoding.UTF8.Preamble.Length..];
        var end = line.IndexOf((byte)'\n');
        line = end < 0 ? line : line[..end];
        return line.StartsWith("{"u8)
            ? []
            : [.. CsvFormat.Columns(line.TrimEnd((byte)'\r')).Select(name => name.Trim())];
    }
}
