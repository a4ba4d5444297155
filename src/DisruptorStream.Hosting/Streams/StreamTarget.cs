namespace DisruptorStream.Hosting.Streams;

/// <summary>A registration of a stream, or one that adds to it.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="EventType">The type of its events.</param>
/// <param name="IsExtension">Whether it only adds to a stream that another registration makes.</param>
internal sealed record StreamTarget(string Stream, Type EventType, bool IsExtension);
