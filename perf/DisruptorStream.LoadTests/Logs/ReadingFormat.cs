using System.Buffers;
using System.Buffers.Binary;
using DisruptorStream.Cluster.Formats;

namespace DisruptorStream.LoadTests.Logs;

/// <summary>Events one behind the other, in little endian.</summary>
internal sealed class ReadingFormat : IEventFormat<Reading>
{
    private const int Size = 20;

    public void Write(Reading one, IBufferWriter<byte> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var bytes = body.GetSpan(Size);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, one.Sensor);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[4..], one.Ticks);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[12..], one.Value);
        body.Advance(Size);
    }

    public void Read(ReadOnlyMemory<byte> body, ICollection<Reading> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        for (var rest = body.Span; !rest.IsEmpty; rest = rest[Size..])
        {
            events.Add(new Reading(
                BinaryPrimitives.ReadInt32LittleEndian(rest),
                BinaryPrimitives.ReadInt64LittleEndian(rest[4..]),
                BinaryPrimitives.ReadDoubleLittleEndian(rest[12..])));
        }
    }
}
