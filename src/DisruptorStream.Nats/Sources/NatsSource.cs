using DisruptorStream.Nats.Connections;
using DisruptorStream.Sources;

namespace DisruptorStream.Nats.Sources;

/// <summary>Reads a stream of NATS JetStream, from any place again: each event is in once.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// <para>
/// The position is the number of the message, which the processor keeps with its journal: nothing is acknowledged, and
/// no consumer stays at the server. So the stream must keep messages by itself, by age or size (not as a work queue),
/// and for longer than the processor is away.
/// </para>
/// <para>Each time it is opened it has a connection of its own.</para>
/// </remarks>
public sealed class NatsSource<TEvent> : ISeekableSource<TEvent>
{
    private readonly string _stream;
    private readonly NatsMessageParser<TEvent> _parser;
    private readonly NatsSourceOptions _options;

    /// <summary>Describes a stream to be read; nothing is opened yet.</summary>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="parser">Makes events of messages; called by one thread at a time.</param>
    /// <param name="options">Where, and how; null for the defaults.</param>
    /// <exception cref="ArgumentException">The name cannot be.</exception>
    public NatsSource(string stream, NatsMessageParser<TEvent> parser, NatsSourceOptions? options = null)
    {
        _stream = NatsNames.CheckedStream(stream);
        ArgumentNullException.ThrowIfNull(parser);
        _parser = parser;
        _options = options ?? new NatsSourceOptions();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The server is not there, or says no.</exception>
    /// <exception cref="InvalidOperationException">There is no such stream.</exception>
    public async ValueTask<ISeekableReader<TEvent>> OpenAsync(
        SourcePosition from, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var place = from.IsStart ? default : NatsPlace.Of(from);
        var link = new NatsLink(_options);
        var reader = new NatsReader<TEvent>(link, _stream, _parser, _options, place);
        try
        {
            await reader.OpenAsync(cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The name of the stream, for people.</summary>
    public override string ToString() => _options.Subject is { } subject ? $"{_stream} ({subject})" : _stream;
}
