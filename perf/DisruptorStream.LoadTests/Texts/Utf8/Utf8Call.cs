namespace DisruptorStream.LoadTests.Texts.Utf8;

/// <summary>An event as a parser finds it, with the bytes of its key.</summary>
internal readonly record struct Utf8Call(byte[] Key, long Ticks, double Value);
