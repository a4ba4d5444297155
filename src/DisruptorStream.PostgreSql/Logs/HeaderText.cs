using System.Text;

namespace DisruptorStream.PostgreSql.Logs;

/// <summary>Headers as a column has them: names and values in turn, each ended by a line feed.</summary>
internal static class HeaderText
{
    /// <param name="headers">Checked: neither names nor values have line feeds.</param>
    public static string Of(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        if (headers.Count == 0)
            return "";
        var text = new StringBuilder();
        foreach (var (name, value) in headers)
            text.Append(name).Append('\n').Append(value).Append('\n');
        return text.ToString();
    }

    /// <exception cref="InvalidDataException">The text is none of <see cref="Of"/>.</exception>
    public static KeyValuePair<string, string>[] Read(string text)
    {
        if (text.Length == 0)
            return [];
        var parts = text.Split('\n');
        if (parts.Length % 2 == 0)
            throw new InvalidDataException("The headers are damaged: a name is without a value.");
        var headers = new KeyValuePair<string, string>[parts.Length / 2];
        for (var index = 0; index < headers.Length; index++)
            headers[index] = new(parts[2 * index], parts[(2 * index) + 1]);
        return headers;
    }
}
