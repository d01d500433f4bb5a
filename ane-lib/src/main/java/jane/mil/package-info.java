/**
 * MIL programs: text printed from graphs and parsed back, and the weight blobs beside it. What a
 * {@link jane.mil.Program} holds is what the Apple Neural Engine's compiler takes. {@link
 * jane.mil.Listing} shows a text's statements unchecked; {@link jane.mil.Nearest} guesses what a
 * mistyped name meant. {@link jane.mil.States} turns states into ports. {@link jane.mil.Dialect}
 * chooses between MIL's two spellings; {@link jane.mil.Functions} leaves one function of several;
 * {@link jane.mil.StoredTensor} is a constant of any {@link jane.mil.BlobType}, as weight files
 * store it.
 *
 * <p>Depends on {@code jane.op} and {@code jane.ir}.
 *
 * <pre>{@code
 * Program program = MilPrinter.print(graph);
 * ProgramFiles.write(program, folder); // model.mil and weights/weight.bin
 * Graph same = MilParser.parse(program);
 * }</pre>
 */
package jane.mil;
