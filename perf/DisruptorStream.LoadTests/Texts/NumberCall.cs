namespace DisruptorStream.LoadTests.Texts;

/// <summary>An event of a user's own type, with an integer for its key.</summary>
internal readonly record struct NumberCall(int Key, long Ticks, double Value);
