using System.Text;

namespace DisruptorStream.Cli.Completion;

/// <summary>
/// The words of a line that is being typed, as a shell would read them; the last is the one at the cursor.
/// </summary>
internal static class LineWords
{
    /// <summary>Never empty: after a space, the last word is empty. A quote that is open holds to the end.</summary>
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var isWord = false;
        for (var i = 0; i < line.Length; i++)
        {
            var one = line[i];
            if (one == '\\' && quote != '\'' && i + 1 < line.Length)
            {
                word.Append(line[++i]);
                isWord = true;
            }
            else if (quote == '\0' ? one is '"' or '\'' : one == quote)
            {
                quote = quote == '\0' ? one : '\0';
                isWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(one))
            {
                if (isWord)
                    words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(one);
                isWord = true;
            }
        }

        words.Add(word.ToString());
        return words;
    }
}
