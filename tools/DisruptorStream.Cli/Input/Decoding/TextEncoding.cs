namespace DisruptorStream.Cli.Input.Decoding;

/// <summary>How the characters of an input are written. A byte order mark says more than this.</summary>
internal enum TextEncoding
{
    Utf8,
    Latin1,
    Windows1252,
    Utf16,
}
