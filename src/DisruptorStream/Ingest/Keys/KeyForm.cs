namespace DisruptorStream.Ingest.Keys;

/// <summary>By what an event names its key.</summary>
internal enum KeyForm : byte
{
    None,
    Key,
    Handle,
    Chars,
    Utf8,
}
