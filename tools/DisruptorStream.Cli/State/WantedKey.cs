using System.Text;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.State;

/// <summary>The key that <c>--state</c> names, and which keys there were instead.</summary>
/// <remarks>A key of several columns is written as a row of CSV has it: <c>web-1,eu</c>.</remarks>
internal sealed class WantedKey
{
    private const string Option = "--state";
    private const int MostNear = 3;

    // Longer texts take too long to compare.
    private const int MostCompared = 256;

    private readonly string _text;
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private bool _isOpen;
    private bool _isSeen;

    public WantedKey(string text) => _text = text;

    /// <summary>The key as the engine has it.</summary>
    /// <param name="columns">How many columns the key has.</param>
    /// <exception cref="OptionException">It has another number of parts.</exception>
    public string Of(int columns)
    {
        if (columns < 2)
            return _text;
        var parts = PartsOf(_text);
        return parts.Count == columns ? KeyComposer.Join(parts) : throw new OptionException(
            Option,
            _text,
            new FormatException(
                $"The key has {columns} columns, and this has {parts.Count}; write them as a row of CSV, such as "
                + "a,b, with quotes around a part that has a comma: '\"a, b\",c'."));
    }

    /// <summary>Notes a result.</summary>
    /// <param name="key">The key, as the engine has it.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="isWanted">Whether it is the key that is named.</param>
    /// <param name="isOpen">Whether its window is open at the end.</param>
    public void Note(string key, int columns, bool isWanted, bool isOpen)
    {
        _isSeen |= isWanted;
        _isOpen |= isWanted && isOpen;
        if (isOpen)
            _open.Add(columns < 2 ? key : string.Join(',', KeyComposer.Split(key, columns).Select(Quote)));
    }

    /// <summary>What is to be told where the key has no open window, though it is there; null for nothing.</summary>
    /// <param name="last">The last slot that was handled.</param>
    /// <exception cref="OptionException">There is no such key.</exception>
    public string? Check(long last)
    {
        if (_isOpen)
            return null;
        if (_isSeen)
            return $"The key '{_text}' has no open window behind slot {last}: all that it had have fired.";
        var near = _open.Where(key => key.Length <= MostCompared)
            .OrderBy(key => _text.Length > MostCompared ? 0 : NearestWord.Distance(_text, key))
            .ThenBy(key => key, StringComparer.Ordinal)
            .Take(MostNear)
            .Select(key => $"'{key}'");
        var there = _open.Count switch
        {
            0 => "no key has an open window there",
            1 => $"the only one that has an open window there is {string.Join(", ", near)}",
            _ => FormattableString.Invariant($"{_open.Count:N0} have open windows there, the nearest by text: ")
                + string.Join(", ", near),
        };
        throw new OptionException(
            Option, _text, new FormatException($"There is no key '{_text}' up to slot {last}; {there}."));
    }

    /// <summary>The fields of a row of CSV.</summary>
    private static List<string> PartsOf(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var at = 0; ; at++)
        {
            var start = at;
            if (at < text.Length && text[at] == '"')
            {
                for (at++; ; at++)
                {
                    if (at >= text.Length)
                    {
                        throw new OptionException(
                            Option,
                            text,
                            new ExpressionException("The quotes are not closed.", start, text.Length - start));
                    }

                    if (text[at] != '"')
                        part.Append(text[at]);
                    else if (at + 1 < text.Length && text[at + 1] == '"')
                        part.Append(text[++at]);
                    else
                        break;
                }

                at++;
            }

            for (; at < text.Length && text[at] != ','; at++)
                part.Append(text[at]);
            parts.Add(part.ToString());
            part.Clear();
            if (at >= text.Length)
                return parts;
        }
    }

    private static string Quote(string part) => part.AsSpan().ContainsAny(",\"\n\r")
        ? $"\"{part.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : part;
}
