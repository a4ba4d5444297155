using System.Text;

namespace DisruptorStream.Cli.Tests.Input.Records;

/// <summary>RFC 4180 a character at a time: the line of each record and its fields.</summary>
internal static class ObviousCsv
{
    public static List<string> Read(string text)
    {
        var records = new List<string>();
        var line = 1;
        for (var at = 0; at < text.Length;)
        {
            var begin = line;
            var fields = new List<string>();
            bool isLast;
            do
                fields.Add(ReadField(text, ref at, ref line, out isLast));
            while (!isLast);
            records.Add($"{begin}: {string.Join('|', fields)}");
        }

        return records;
    }

    /// <summary>Reads to the comma or line break behind the field, and over it.</summary>
    private static string ReadField(string text, ref int at, ref int line, out bool isLast)
    {
        var field = new StringBuilder();
        var isQuoted = at < text.Length && text[at] == '"';
        var isClosed = false;
        for (at += isQuoted ? 1 : 0; at < text.Length && isQuoted && !isClosed; at++)
        {
            var isFirstOfTwo = text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n';
            line += text[at] is '\n' or '\r' && !isFirstOfTwo ? 1 : 0;
            var isPair = text[at] == '"' && at + 1 < text.Length && text[at + 1] == '"';
            isClosed = text[at] == '"' && !isPair;
            if (!isClosed)
                field.Append(text[at]);
            if (isPair)
                field.Append(text[++at]);
        }

        var end = text.AsSpan(at).IndexOfAny(',', '\n', '\r');
        isLast = end < 0 || text[at + end] != ',';
        var rest = end < 0 ? text[at..] : text.Substring(at, end);
        at = end < 0 ? text.Length : at + end + 1;
        at += isLast && at < text.Length && text[at - 1] == '\r' && text[at] == '\n' ? 1 : 0;
        line += isLast ? 1 : 0;
        return !isQuoted ? rest : !isClosed ? "Unclosed" : rest.Length > 0 ? "Broken" : field.ToString();
    }
}
