------------------------------ MODULE ModSVG -------------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* workers: 1
\* Every operator of SVG; SVGSerialize writes into the folder for temporary files.
EXTENDS SVG, Integers, Sequences, TLC

IO == INSTANCE IOUtils

Red == [fill |-> "red"]
Empty == <<>>

ASSUME SVGElem("a", Red, <<>>, "t") = [name |-> "a", attrs |-> Red, children |-> <<>>, innerText |-> "t"]
ASSUME Line(1, 2, 3, 4, Red).attrs
         = [x1 |-> "1", y1 |-> "2", x2 |-> "3", y2 |-> "4", fill |-> "red"]
ASSUME Line(1, 2, 3, 4, Red).name = "line"
ASSUME Circle(1, 2, 3, Red) = SVGElem("circle", [cx |-> "1", cy |-> "2", r |-> "3", fill |-> "red"], <<>>, "")
ASSUME Rect(1, 2, 3, 4, Red).attrs
         = [x |-> "1", y |-> "2", width |-> "3", height |-> "4", fill |-> "red"]
ASSUME Text(1, 2, "hi", Red) = SVGElem("text", [x |-> "1", y |-> "2", fill |-> "red"], <<>>, "hi")
ASSUME Image(1, 2, 3, 4, "pic", Red).attrs["xlink:href"] = "pic"
ASSUME DOMAIN Image(1, 2, 3, 4, "pic", Red).attrs = {"xlink:href", "x", "y", "width", "height", "fill"}
ASSUME Group(<<Circle(1, 2, 3, Red)>>, Red).children[1].name = "circle"
ASSUME Svg(<<>>, Red).name = "svg" /\ Group(<<>>, Red).name = "g"
ASSUME SVGDoc(Circle(1, 2, 3, Red), 0, 1, 20, 30, Red).attrs["viewBox"] = "0 1 20 30"
ASSUME SVGElemToString(SVGElem("g", [stroke_width |-> "2"], <<SVGElem("text", Empty, <<>>, "<<1>>")>>, ""))
         = "<g stroke-width='2'><text>&lt;&lt;1&gt;&gt;</text></g>"
ASSUME SVGElemToString(Group([i \in {5} |-> SVGElem("a", Empty, <<>>, "x")], Empty)) = "<g><a>x</a></g>"
ASSUME NodeOfRingNetwork(10, 10, 5, 0, 4) = [x |-> 15, y |-> 10]
ASSUME NodeOfRingNetwork(0, 0, 100, 1, 8) = [x |-> 70, y |-> 70]
ASSUME NodeOfRingNetwork(0, 0, 100, 3, 7) = [x |-> -90, y |-> 43]
ASSUME PointOnLine([x |-> 0, y |-> 0], [x |-> -5, y |-> 9], 2) = [x |-> -2, y |-> 4]
ASSUME LET options == [algo |-> "Sugiyama", layering |-> "LONGEST_PATH", view_width |-> 300,
                       view_height |-> 300, node_width |-> 10, node_height |-> 10]
           places == NodesOfDirectedMultiGraph({1, 2, 3}, {<<1, 2>>, <<2, 3>>}, options)
       IN  DOMAIN places = {1, 2, 3} /\ \A n \in 1 .. 3 : places[n].x \in 0 .. 300
ASSUME LET outcome == SVGSerialize(Svg(<<>>, Empty), "/tmp/fathom-golden-svg-", 7)
       IN  outcome.exitValue = 0
ASSUME IO!Deserialize("/tmp/fathom-golden-svg-007.svg", [format |-> "TXT", charset |-> "UTF-8"]).stdout
         = "<svg></svg>"
=============================================================================
