namespace DisruptorStream.Rings;

/// <summary>What a <see cref="WaitStrategy"/> waits for.</summary>
/// <remarks>
/// Only the waiting thread reads it, up to thousands of times per wait: cheap, and without a visible effect.
/// </remarks>
internal interface IWaitCondition
{
    bool IsMet { get; }
}
