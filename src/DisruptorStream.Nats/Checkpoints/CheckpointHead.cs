using System.Globalization;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Nats.Connections;
using NATS.Client.Core;

namespace DisruptorStream.Nats.Checkpoints;

/// <summary>The message that says which checkpoint is the newest, and what its state consists of.</summary>
internal sealed record CheckpointHead
{
    /// <summary>Names the messages of the state.</summary>
    public required string Id { get; init; }

    /// <summary>The epoch of the writer.</summary>
    public required long Epoch { get; init; }

    /// <summary>The position of the last record that is in it.</summary>
    public required long Position { get; init; }

    /// <summary>The bytes of the state.</summary>
    public required int Length { get; init; }

    /// <summary>The bytes of each message of the state but the last one.</summary>
    public required int ChunkBytes { get; init; }

    /// <summary>No message of the state has a lower number.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>XxHash128 of the state, in hexadecimal.</summary>
    public required string Checksum { get; init; }

    /// <summary>How many messages the state has.</summary>
    public int Chunks => (int)(((long)Length + ChunkBytes - 1) / ChunkBytes);

    public NatsHeaders ToHeaders() => new()
    {
        ["Id"] = Id,
        ["Epoch"] = Text(Epoch),
        ["Position"] = Text(Position),
        ["Length"] = Text(Length),
        ["Chunk-Bytes"] = Text(ChunkBytes),
        ["First-Sequence"] = Text(FirstSequence),
        ["Checksum"] = Checksum,
    };

    /// <exception cref="DamagedCheckpointException">It is none.</exception>
    public static CheckpointHead Of(in StreamMessage message)
    {
        var head = new CheckpointHead
        {
            Id = TextOf(in message, "Id"),
            Epoch = NumberOf(in message, "Epoch"),
            Position = NumberOf(in message, "Position"),
            Length = (int)Math.Min(NumberOf(in message, "Length"), int.MaxValue),
            ChunkBytes = (int)Math.Min(NumberOf(in message, "Chunk-Bytes"), int.MaxValue),
            FirstSequence = NumberOf(in message, "First-Sequence"),
            Checksum = TextOf(in message, "Checksum"),
        };
        return head.ChunkBytes > 0 && head.Length <= Array.MaxLength ? head : throw Damaged(in message, "Chunk-Bytes");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string TextOf(in StreamMessage message, string name) =>
        message.Headers is { } headers && headers.TryGetValue(name, out var value) && value.Count == 1
            ? value.ToString()
            : throw Damaged(in message, name);

    private static long NumberOf(in StreamMessage message, string name) =>
        long.TryParse(
            TextOf(in message, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && (number >= 0 || name is "Epoch" or "Position")
            ? number
            : throw Damaged(in message, name);

    private static DamagedCheckpointException Damaged(in StreamMessage message, string name) => new(
        $"The message {message.Sequence} of '{message.Subject}' is no checkpoint: its header '{name}' is missing, or "
        + "says nothing that can be.")
    {
        Revision = message.Sequence,
    };
}
