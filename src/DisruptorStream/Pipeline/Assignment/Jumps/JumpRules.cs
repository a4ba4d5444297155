namespace DisruptorStream.Pipeline.Assignment.Jumps;

/// <summary>When a timestamp is a jump, and who is believed.</summary>
/// <param name="JumpTicks">How far ahead is too far; above zero.</param>
/// <param name="Keys">How many different keys are believed.</param>
/// <param name="Events">How many events are believed, of a source that has had fewer keys than that.</param>
internal sealed record JumpRules(long JumpTicks, int Keys, int Events)
{
    /// <summary>The key of an event whose values are told from each other, by its number.</summary>
    public int KeyColumn { get; init; }
}
