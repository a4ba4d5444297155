using System.Globalization;
using System.Text;

namespace DisruptorStream.Reporting;

/// <summary>
/// What the builder's wishes were compiled to: stages, stores, accumulators, and the memory that they may take.
/// </summary>
/// <remarks>Made when it is asked for; immutable.</remarks>
public sealed record ExplainPlan
{
    internal ExplainPlan()
    {
    }

    /// <summary>The processor's own name.</summary>
    public required string Name { get; init; }

    /// <summary>On which threads the stages run.</summary>
    public required ExecutionMode Mode { get; init; }

    /// <summary>How many shards aggregate.</summary>
    public required int ShardCount { get; init; }

    /// <summary>The windows, in words.</summary>
    public required string Windows { get; init; }

    /// <summary>How state is kept: over shared slices, per window, or per session.</summary>
    public required string Store { get; init; }

    /// <summary>What an event costs in that store.</summary>
    public required string CostPerEvent { get; init; }

    /// <summary>The accumulators: each with its bytes, and the metrics that read it.</summary>
    public required IReadOnlyList<string> Accumulators { get; init; }

    /// <summary>The metrics that are made of others, each with its expression and what it is.</summary>
    public required IReadOnlyList<string> Expressions { get; init; }

    /// <summary>Which keys of each window are shown, and what is kept for that; null where all are.</summary>
    public required string? Top { get; init; }

    /// <summary>Bytes for each key and slice, window or session, accumulators included.</summary>
    public required int BytesPerKeyAndWindow { get; init; }

    /// <summary>
    /// The most bytes that sketches of one key and slice, window or session hold beside that; most hold far less.
    /// </summary>
    public required int MaxBlockBytesPerKeyAndWindow { get; init; }

    /// <summary>Bytes of the slots of the ring and the result rings, allocated when the processor is built.</summary>
    public required long RingBytes { get; init; }

    /// <summary>
    /// The most bytes of window state, at <see cref="StreamProcessorOptions.MaxKeys"/> keys and the limit on slices
    /// or windows; a figure for the limits, which most processors never come near.
    /// </summary>
    public required double MaxStateBytes { get; init; }

    /// <summary>What bounds the bytes of window state, in words; or that nothing does.</summary>
    public required string StateLimit { get; init; }

    /// <summary>The plan as text, a line for each point.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"processor     {Name}");
        text.AppendLine(CultureInfo.InvariantCulture, $"execution     {Mode}, {ShardCount} shard(s)");
        text.AppendLine(CultureInfo.InvariantCulture, $"windows       {Windows}");
        text.AppendLine(CultureInfo.InvariantCulture, $"store         {Store}: {CostPerEvent}");
        foreach (var accumulator in Accumulators)
            text.AppendLine(CultureInfo.InvariantCulture, $"accumulator   {accumulator}");
        foreach (var expression in Expressions)
            text.AppendLine(CultureInfo.InvariantCulture, $"expression    {expression}");
        if (Top is not null)
            text.AppendLine(CultureInfo.InvariantCulture, $"top           {Top}");
        text.AppendLine(
            CultureInfo.InvariantCulture, $"state         {BytesPerKeyAndWindow} bytes for each key and window");
        if (MaxBlockBytesPerKeyAndWindow > 0)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"sketches      at most {MaxBlockBytesPerKeyAndWindow:N0} bytes more for each");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"rings         {RingBytes:N0} bytes");
        text.Append(CultureInfo.InvariantCulture, $"state limit   {StateLimit}");
        return text.ToString();
    }
}
