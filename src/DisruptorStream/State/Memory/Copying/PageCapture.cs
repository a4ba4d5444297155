using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using DisruptorStream.Saving;

namespace DisruptorStream.State.Memory.Copying;

/// <summary>Copies records that are more than their bytes: what they are saved as, with texts apart.</summary>
/// <remarks>
/// For each record its length (4), and then parts: the length of bytes and the bytes, or -1 less the length of a text
/// and its characters. Whether a text is written whole is known only once all before it are.
/// </remarks>
internal sealed unsafe class PageCapture : StateCapture, IDisposable
{
    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly ArrayBufferWriter<byte> _record = new();
    private StateWriter? _writer;

    /// <summary>What was taken last.</summary>
    public ReadOnlySpan<byte> Written => _written.WrittenSpan;

    /// <summary>Takes the records of keys; returns how many bytes that are.</summary>
    public int Take(KeyedTable table, RecordFormat format, int firstKeyId, ulong keys)
    {
        _writer ??= new StateWriter(this);
        _written.ResetWrittenCount();
        for (; keys != 0; keys &= keys - 1)
        {
            _record.ResetWrittenCount();
            format.Save(_writer, table.Peek(firstKeyId + BitOperations.TrailingZeroCount(keys)));
            _writer.Flush();
            WriteLength(_written, _record.WrittenCount);
            _written.Write(_record.WrittenSpan);
        }

        return _written.WrittenCount;
    }

    /// <summary>Writes a record that was taken, and takes it off the bytes.</summary>
    public static void Write(StateWriter writer, ref ReadOnlySpan<byte> records)
    {
        var record = records.Slice(sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(records));
        records = records[(sizeof(int) + record.Length)..];
        while (!record.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(record);
            record = record[sizeof(int)..];
            var bytes = record[..(length >= 0 ? length : (-length - 1) * sizeof(char))];
            record = record[bytes.Length..];
            if (length >= 0)
                writer.WriteBytes(bytes);
            else
                writer.WriteText(new string(MemoryMarshal.Cast<byte, char>(bytes)));
        }
    }

    /// <summary>Takes a record off the bytes.</summary>
    public static void Skip(ref ReadOnlySpan<byte> records) =>
        records = records[(sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(records))..];

    public override void OnBegin(SectionTag tag, int version) => throw NoRecord();

    public override void OnEnd() => throw NoRecord();

    public override void OnLater(Action<StateWriter> save) => throw NoRecord();

    public override void OnBytes(ReadOnlySpan<byte> bytes)
    {
        WriteLength(_record, bytes.Length);
        _record.Write(bytes);
    }

    public override void OnText(string text)
    {
        WriteLength(_record, -text.Length - 1);
        _record.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private static void WriteLength(ArrayBufferWriter<byte> output, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), length);
        output.Advance(sizeof(int));
    }

    private static InvalidOperationException NoRecord() => new("A record has no sections.");
}
