namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>64 bits as they are.</summary>
internal unsafe readonly struct Int64Value : IColumnValue
{
    public static long Read(byte* at) => *(long*)at;

    public static void Write(byte* at, long value) => *(long*)at = value;
}
