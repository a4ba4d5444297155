using System.Buffers;

namespace DisruptorStream.Cluster.Formats;

/// <summary>How events lie in the body of a record of a log.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// The same bytes give the same events, always: the next owner of a partition reads them again. Any thread, several
/// calls at a time.
/// </remarks>
public interface IEventFormat<TEvent>
{
    /// <summary>Writes an event behind those that are in the body.</summary>
    /// <param name="one">The event.</param>
    /// <param name="body">Where its bytes go.</param>
    void Write(TEvent one, IBufferWriter<byte> body);

    /// <summary>Reads all events of a body, in their order.</summary>
    /// <param name="body">The bytes of a record.</param>
    /// <param name="events">Gets the events.</param>
    /// <exception cref="Exception">Any: the record is bad, and none of its events is taken.</exception>
    void Read(ReadOnlyMemory<byte> body, ICollection<TEvent> events);
}
