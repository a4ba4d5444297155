namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>How a stream is run.</summary>
/// <param name="Mode">On which threads.</param>
/// <param name="Way">How events are given to it.</param>
/// <param name="Chunk">How many at a time at most.</param>
/// <param name="StepsPerRestart">After how many steps it is saved and loaded; 0 for never.</param>
/// <param name="Further">On which threads it goes on after that, in turns with the first; null for the same.</param>
internal sealed record RunWay(
    ExecutionMode Mode, PublishWay Way, int Chunk, int StepsPerRestart = 0, ExecutionMode? Further = null);
