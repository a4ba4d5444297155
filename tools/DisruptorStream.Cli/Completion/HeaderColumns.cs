using System.Buffers;
using System.CommandLine;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Input.Decoding;
using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Completion;

/// <summary>The columns of the input that a line names so far.</summary>
internal static class HeaderColumns
{
    private const int MostBytes = 1 << 16;

    private static readonly SearchValues<char> OfShells = SearchValues.Create("$`\\!\"';&|<>*?[]{}#~^%");

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
            catch (Exception exception) when (exception
                is IOException or InvalidDataException or UnauthorizedAccessException or OptionException)
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
        using var stream = new DecodingStream(path, File.OpenRead(path), TextEncoding.Utf8);
        var buffer = new byte[MostBytes];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var text = buffer.AsSpan(0, length);
        return text.StartsWith("{"u8) ? [] : [.. CsvFormat.Columns(text).Where(IsHarmless)];
    }

    /// <summary>
    /// What a shell might run, or take for something else, is not offered: the header is not written by who presses
    /// the key.
    /// </summary>
    private static bool IsHarmless(string name) => PlainText.Of(name) == name && !name.AsSpan().ContainsAny(OfShells);
}
