namespace DisruptorStream.State;

/// <summary>Gives the key that a dense id stands for.</summary>
internal interface IKeySource<out TKey>
{
    TKey KeyOf(int keyId);
}
