namespace DisruptorStream.LoadTests.Texts;

/// <summary>An event of a user's own type, with a text for its key.</summary>
internal readonly record struct TextCall(string Key, long Ticks, double Value);
