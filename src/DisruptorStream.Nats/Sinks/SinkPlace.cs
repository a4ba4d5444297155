using System.Globalization;
using DisruptorStream.Nats.Connections;
using NATS.Client.Core;

namespace DisruptorStream.Nats.Sinks;

/// <summary>What each message of a sink says beside its lines: up to which result there are some, and whose.</summary>
/// <param name="Sequence">The number of the message that says it; 0 where there is none.</param>
/// <param name="Number">The number of the last result; 0 for none.</param>
/// <param name="Epoch">The epoch of the owner; 0 where no durable one was there.</param>
/// <param name="StreamId">The owner's durable state.</param>
internal readonly record struct SinkPlace(long Sequence, long Number, long Epoch, string StreamId)
{
    public const string Kind = "Kind";
    public const string First = "First";
    public const string Last = "Last";
    private const string NumberHeader = "Number";
    private const string EpochHeader = "Epoch";
    private const string StreamHeader = "Stream-Id";

    public NatsHeaders ToHeaders(string kind) => new()
    {
        [Kind] = kind,
        [NumberHeader] = Number.ToString(CultureInfo.InvariantCulture),
        [EpochHeader] = Epoch.ToString(CultureInfo.InvariantCulture),
        [StreamHeader] = StreamId,
    };

    /// <exception cref="InvalidDataException">The message is of somebody else.</exception>
    public static SinkPlace Of(in StreamMessage message) => message.Headers is { } headers
        && headers.TryGetValue(NumberHeader, out var number)
        && headers.TryGetValue(EpochHeader, out var epoch)
        && headers.TryGetValue(StreamHeader, out var stream)
        && long.TryParse(number.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
        && long.TryParse(epoch.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var owner)
            ? new SinkPlace(message.Sequence, last, owner, stream.ToString())
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The message {message.Sequence} of '{message.Subject}' is none of a sink: somebody else writes to the "
                + $"subject. Give the sink a subject of its own."));
}
