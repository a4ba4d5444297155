using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using DisruptorStream.Codecs.BuiltIn;
using DisruptorStream.Codecs.Hashing;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

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
    private (SideLog Log, int Table, KeyHash? Hash)[] _logs = [];

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

    /// <summary>From now on a side log is told of each text, after all that there are already.</summary>
    /// <param name="log">The log of a processor; there may be several, as several processors may share a table.</param>
    /// <param name="table">The number of this table among those of the processor.</param>
    /// <param name="hash">Makes the hashes that are told in place of the texts; null for the texts.</param>
    internal void Attach(SideLog log, int table, KeyHash? hash = null)
    {
        lock (_adding)
        {
            var records = new ArrayBufferWriter<byte>();
            Write(records, table, hash);
            log.AddAll(records.WrittenSpan);

            // Pairs with the read in Add.
            Volatile.Write(ref _logs, [.. Array.FindAll(_logs, other => !other.Log.IsClosed), (log, table, hash)]);
        }
    }

    /// <summary>Writes all texts as records, in the order of their numbers.</summary>
    internal void Save(IBufferWriter<byte> output, int table)
    {
        lock (_adding)
            Write(output, table, hash: null);
    }

    /// <summary>One that takes as many texts, and has none.</summary>
    internal SymbolTable NewAlike() => new(_maxSymbols);

    /// <summary>A number stands for a text, as a record says. It may be told again.</summary>
    /// <exception cref="StateException">It is not the next number, or another text has it.</exception>
    internal void Define(long number, string text)
    {
        lock (_adding)
        {
            if (number >= 1 && number <= _count && string.Equals(_texts[number - 1], text, StringComparison.Ordinal))
                return;
            if (number != _count + 1 || number > _maxSymbols || _numbers.ContainsKey(text))
            {
                throw IdentityRecord.Damaged(
                    $"the symbol '{text}' cannot get the number {number}: the table has {_count} of at most "
                    + $"{_maxSymbols} symbols");
            }

            AddNext(text);
        }
    }

    /// <summary>Takes back the texts behind a number, where no log has been told of them.</summary>
    /// <param name="number">The last one that stays.</param>
    internal void ForgetBehind(int number)
    {
        lock (_adding)
        {
            if (Array.Exists(_logs, static other => !other.Log.IsClosed))
                return;
            while (_count > number)
            {
                _numbers.TryRemove(_texts[_count - 1], out _);
                Volatile.Write(ref _count, _count - 1);
            }
        }
    }

    private long Add(string text)
    {
        // A log may hold up those who add; it does so before the lock, which its reader may need.
        foreach (var (log, _, _) in Volatile.Read(ref _logs))
            log.WaitForRoom();
        lock (_adding)
        {
            if (_numbers.TryGetValue(text, out var number))
                return number;

            if (_count == _maxSymbols)
                return Other;

            // Before any other thread can find the number, and publish a slot with it.
            foreach (var (log, table, hash) in _logs)
                log.Add(Record(table, _count + 1, BodyOf(text, hash)));
            return AddNext(text);
        }
    }

    private long AddNext(string text)
    {
        if (_count == _texts.Length)
        {
            var grown = new string[(int)Math.Min(_maxSymbols, 2L * _count)];
            _texts.CopyTo(grown, 0);
            Volatile.Write(ref _texts, grown);
        }

        _texts[_count] = text;

        // Pairs with the read of the count: a reader that sees the number sees the text.
        Volatile.Write(ref _count, _count + 1);
        return _numbers[text] = _count;
    }

    private void Write(IBufferWriter<byte> output, int table, KeyHash? hash)
    {
        for (var number = 1; number <= _count; number++)
            Record(table, number, BodyOf(_texts[number - 1], hash)).Write(output);
    }

    // Numbers are never used again, so the records hold from the first slot on.
    private static IdentityRecord Record(int table, int number, ReadOnlySpan<byte> body) => new()
    {
        Kind = IdentityKind.SymbolNumbered,
        Sequence = 0,
        Number = number,
        Generation = (uint)table,
        Body = body,
    };

    private static ReadOnlySpan<byte> BodyOf(string text, KeyHash? hash)
    {
        var body = new ArrayBufferWriter<byte>();
        TextCodec.Instance.Write(hash is null ? text : hash.Of(text), body);
        return body.WrittenSpan;
    }
}
