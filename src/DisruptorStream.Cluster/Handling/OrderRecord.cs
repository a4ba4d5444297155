using System.Buffers;
using DisruptorStream.Codecs;

namespace DisruptorStream.Cluster.Handling;

/// <summary>
/// The order in which a partition handled its input and the clock, as a record of its results carries it.
/// </summary>
/// <remarks>
/// A run of records of an input is 1 + the input, how many they are, and the position of the last one; a tick is 0 and
/// the clock. Numbers are VarInts; positions are those above the run before of the same input in the record, and clocks
/// those above the tick before. One thread.
/// </remarks>
internal sealed class OrderRecord
{
    /// <summary>The most bytes, before a record of results has to carry them.</summary>
    public const int MostBytes = 32 * 1024;

    private readonly List<OrderEntry> _entries = [];

    // A run takes at most a VarInt of each: 3 + 5 + 10 bytes.
    private const int MostBytesOfEntry = 18;

    /// <summary>Whether nothing was handled.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Whether records are in it, and not ticks alone.</summary>
    public bool HasRecords { get; private set; }

    /// <summary>Whether it has to go before anything else is handled.</summary>
    public bool IsFull => _entries.Count >= MostBytes / MostBytesOfEntry;

    /// <summary>The clock was moved.</summary>
    public void AddTick(long clockTicks) => _entries.Add(new OrderEntry(-1, 0, clockTicks));

    /// <summary>A record of an input was handled.</summary>
    public void AddRecord(int input, long position)
    {
        HasRecords = true;
        if (_entries.Count > 0 && _entries[^1] is var last && last.Input == input && last.Records < int.MaxValue)
            _entries[^1] = new OrderEntry(input, last.Records + 1, position);
        else
            _entries.Add(new OrderEntry(input, 1, position));
    }

    /// <summary>Gives all as text, and is empty then.</summary>
    public string Take()
    {
        var output = new ArrayBufferWriter<byte>();
        var before = new Dictionary<int, long>();
        foreach (var entry in _entries)
        {
            VarInt.Write(output, (ulong)(entry.Input + 1));
            if (!entry.IsTick)
                VarInt.Write(output, (ulong)entry.Records);
            VarInt.Write(output, unchecked((ulong)(entry.Number - before.GetValueOrDefault(entry.Input))));
            before[entry.Input] = entry.Number;
        }

        _entries.Clear();
        HasRecords = false;
        return Convert.ToBase64String(output.WrittenSpan);
    }

    /// <summary>Reads what <see cref="Take"/> gave.</summary>
    /// <param name="text">The text.</param>
    /// <param name="inputs">How many inputs there are.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static List<OrderEntry> Read(string text, int inputs)
    {
        var entries = new List<OrderEntry>();
        var before = new long[inputs + 1];
        ReadOnlySpan<byte> rest;
        try
        {
            rest = Convert.FromBase64String(text);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException("The order is not base64.", exception);
        }

        while (!rest.IsEmpty)
        {
            var records = 0UL;
            if (!VarInt.TryRead(ref rest, out var input) || input > (ulong)inputs
                || (input > 0 && (!VarInt.TryRead(ref rest, out records) || records is 0 or > int.MaxValue))
                || !VarInt.TryRead(ref rest, out var step))
            {
                throw new InvalidDataException(
                    $"The order is damaged, or that of a partition with more than {inputs} inputs.");
            }

            before[input] = unchecked(before[input] + (long)step);
            entries.Add(new OrderEntry((int)input - 1, (int)records, before[input]));
        }

        return entries;
    }
}
