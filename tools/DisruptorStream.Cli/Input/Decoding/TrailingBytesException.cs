namespace DisruptorStream.Cli.Input.Decoding;

/// <summary>Compressed data have ended, and what follows them is no more of them.</summary>
internal sealed class TrailingBytesException : IOException
{
}
