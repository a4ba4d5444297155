using System.Collections.Concurrent;
using System.Text;

namespace DisruptorStream.Aggregation;

/// <summary>Gives texts numbers, so that they can be measures, and finds the text of a number again.</summary>
/// <remarks>
/// Any number of threads. A known text costs one look-up and allocates nothing, in UTF-8 up to 256 bytes as well.
/// Numbers are never reused: a table is for texts of which there are not endlessly many.
/// </remarks>
public sealed class SymbolTable
{
    /// <summary>The number of no text.</summary>
    public const long None = 0;

    /// <summary>The number of every text that came when the table was full; its text is "(other)".</summary>
    public const long Other = -1;

    private const int StackChars = 256;

    private readonly ConcurrentDictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Lock _adding = new();
    private readonly int _maxSymbols;
    private string[] _texts = new string[64];
    private int _count;

    /// <param name="maxSymbols">How many texts it takes: 1 or more. Default 1,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public SymbolTable(int maxSymbols = 1_000_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSymbols, 1);
        _maxSymbols = maxSymbols;
        _bySpan = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many texts it has.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of a text, from 1 on; <see cref="None"/> for null.</summary>
    public long Intern(string? text) =>
        text is null ? None : _numbers.TryGetValue(text, out var number) ? number : Add(text);

    /// <summary>The number of a text, from 1 on.</summary>
    public long Intern(ReadOnlySpan<char> text) =>
        _bySpan.TryGetValue(text, out var number) ? number : Add(text.ToString());

    /// <summary>The number of a text, from 1 on.</summary>
    /// <param name="utf8">The text in UTF-8; what is not valid there is replaced as .NET does.</param>
    public long Intern(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > StackChars)
            return Intern(Encoding.UTF8.GetString(utf8));

        Span<char> text = stackalloc char[StackChars];
        return Intern(text[..Encoding.UTF8.GetChars(utf8, text)]);
    }

    /// <summary>The text of a number; null for <see cref="None"/> and for numbers that it never gave.</summary>
    public string? TextOf(long number)
    {
        if (number == Other)
            return "(other)";

        return number >= 1 && number <= Count ? Volatile.Read(ref _texts)[number - 1] : null;
    }

    private long Add(string text)
    {
        lock (_adding)
        {
            if (_numbers.TryGetValue(text, out var number))
                return number;

            if (_count == _maxSymbols)
                return Other;

            if (_count == _texts.Length)
            {
                var grown = new string[(int)Math.Min(_maxSymbols, 2L * _count)];
                _texts.CopyTo(grown, 0);
                Volatile.Write(ref _texts, grown);
            }

            _texts[_count] = text;

            // Pairs with the read of the count: whoever sees the number sees the text.
            Volatile.Write(ref _count, _count + 1);
            return _numbers[text] = _count;
        }
    }
}
