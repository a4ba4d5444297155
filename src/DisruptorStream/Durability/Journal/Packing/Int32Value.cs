namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>32 bits with their sign.</summary>
internal unsafe readonly struct Int32Value : IColumnValue
{
    public static long Read(byte* at) => *(int*)at;

    public static void Write(byte* at, long value) => *(int*)at = (int)value;
}
