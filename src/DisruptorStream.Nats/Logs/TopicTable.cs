using System.Globalization;
using System.Text;
using DisruptorStream.Nats.Connections;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Nats.Logs;

/// <summary>How many partitions each topic has, in a stream with one message for each topic.</summary>
/// <remarks>Of two who make a topic at once, one is first: the server compares what was there before.</remarks>
internal sealed class TopicTable
{
    private const string Making = "making ";

    private readonly NatsLink _link;
    private readonly NatsLogOptions _options;
    private readonly string _stream;

    public TopicTable(NatsLink link, NatsLogOptions options)
    {
        _link = link;
        _options = options;
        _stream = $"{options.Prefix}_topics";
    }

    /// <summary>What it says of a topic.</summary>
    /// <param name="Partitions">How many it has; 0 where it is not there.</param>
    /// <param name="IsMade">Whether the streams of all of them were made.</param>
    /// <param name="Revision">What it is replaced by.</param>
    internal readonly record struct Entry(int Partitions, bool IsMade, long Revision);

    public async ValueTask<Entry> ReadAsync(string topic, CancellationToken cancellationToken)
    {
        var found = await _link.ReadLastAsync(
            _stream, SubjectOf(topic), $"Looking for the topic '{topic}'", cancellationToken).ConfigureAwait(false);
        if (found is not { } message)
            return default;
        var text = Encoding.UTF8.GetString(message.Body.Span);
        var isMade = !text.StartsWith(Making, StringComparison.Ordinal);
        return int.TryParse(
            isMade ? text : text[Making.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new Entry(count, isMade, message.Sequence)
            : throw new InvalidDataException(
                $"The message {message.Sequence} of the stream '{_stream}' says '{text}' of the topic '{topic}', and "
                + "not how many partitions it has.");
    }

    /// <summary>Notes a topic that is not there.</summary>
    /// <returns>What it says then: of this one, or of another who was first.</returns>
    public async ValueTask<Entry> AddAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        await _link.MakeAsync(
            new StreamConfig(_stream, [$"{_options.Prefix}.topics.>"])
            {
                Description = "DisruptorStream: how many partitions each topic has",
                MaxMsgsPerSubject = 1,
                NumReplicas = _options.Replicas,
                Storage = StorageOf(_options),
            },
            cancellationToken).ConfigureAwait(false);
        await WriteAsync(topic, $"{Making}{partitions}", 0, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(topic, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Notes that all streams are there; whether somebody else has done so does not matter.</summary>
    public ValueTask<long?> CompleteAsync(string topic, Entry entry, CancellationToken cancellationToken) =>
        WriteAsync(
            topic, entry.Partitions.ToString(CultureInfo.InvariantCulture), entry.Revision, cancellationToken);

    public static StreamConfigStorage StorageOf(NatsStorageOptions options) =>
        options.InMemory ? StreamConfigStorage.Memory : StreamConfigStorage.File;

    private string SubjectOf(string topic) => $"{_options.Prefix}.topics.{topic}";

    private ValueTask<long?> WriteAsync(
        string topic, string text, long revision, CancellationToken cancellationToken) => _link.AddAsync(
        new StreamMessage(SubjectOf(topic), 0, default, Encoding.UTF8.GetBytes(text), null),
        new NatsJSPubOpts { ExpectedStream = _stream, ExpectedLastSubjectSequence = (ulong)revision },
        $"Making the topic '{topic}'",
        cancellationToken);
}
