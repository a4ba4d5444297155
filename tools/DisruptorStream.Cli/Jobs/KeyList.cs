using DisruptorStream.Cli.Output;
using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions;

namespace DisruptorStream.Cli.Jobs;

/// <summary>The columns of the key, as the command line asks for them: "host, zone as region".</summary>
/// <remarks>A column whose name has a comma, or the word "as", stands in double quotes.</remarks>
internal sealed class KeyList
{
    private const string File = "@file";

    private KeyList(IReadOnlyList<string> columns, IReadOnlyList<string> names)
    {
        Columns = columns;
        Names = names;
    }

    /// <summary>The columns of the input; "@file" alone for the name of the input.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What they are called in the output.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <exception cref="ExpressionException">
    /// A part is no column, or two columns of a result would have one name.
    /// </exception>
    public static KeyList Parse(string text)
    {
        var columns = new List<string>();
        var names = new List<string>();
        var parts = Split(text).Where(one => one.Part.Trim().Length > 0).ToList();
        foreach (var (part, start) in parts)
        {
            var (column, alias) = Read(part);
            var place = start + part.Length - part.TrimStart().Length;
            var length = part.Trim().Length;
            if (column.Length == 0 || alias?.Length == 0)
                throw new ExpressionException($"'{part.Trim()}' lacks a name; write COLUMN as NAME.", place, length);
            if (QuotedText.IsOpen(column))
                throw new ExpressionException($"The quotes of '{column}' are not closed.", place, length);
            if (column == File && parts.Count > 1)
            {
                throw new ExpressionException(
                    "'@file' stands alone as the key; leave out the columns, or leave out '@file'.", place, length);
            }

            var name = alias ?? (column == File ? "file" : column);
            if (ResultColumns.Window.Contains(name, StringComparer.Ordinal))
            {
                throw new ExpressionException(
                    $"A column of the key is named '{name}', as a column of each window is; give it another name with "
                    + $"'{column} as NAME'.",
                    place,
                    length);
            }

            if (names.Contains(name, StringComparer.Ordinal))
            {
                throw new ExpressionException(
                    $"Two columns of the key are named '{name}'; leave one out, or tell them apart with "
                    + $"'{column} as NAME'.",
                    place,
                    length);
            }

            columns.Add(column);
            names.Add(name);
        }

        return new KeyList(columns, names);
    }

    private static (string Column, string? Alias) Read(string part)
    {
        var text = part.Trim();
        var place = QuotedText.LastAs(text);
        return place < 0
            ? (QuotedText.Unquote(text), null)
            : (QuotedText.Unquote(text[..place].Trim()),
                QuotedText.Unquote(text[Math.Min(text.Length, place + 4)..].Trim()));
    }

    private static IEnumerable<(string Part, int Start)> Split(string text)
    {
        var (start, isQuoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            isQuoted ^= text[i] == '"';
            if (text[i] != ',' || isQuoted)
                continue;
            yield return (text[start..i], start);
            start = i + 1;
        }

        yield return (text[start..], start);
    }
}
